"""Guests on several machines, by dask.distributed: the optional extra ``cluster``.

Here is who sends orders (``places``, ``link``), there is who carries them out (``worker``).
Between them go ``orders``, which are small, and ``artefacts``, which are large.
"""
