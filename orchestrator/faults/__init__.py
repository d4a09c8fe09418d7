"""The fault campaign: things that go wrong for real, and whom the lab blames for them."""
