"""Trees of git's: laid out as they are, and the repository left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.errors import ConfigError
from orchestrator.kernels import git
from orchestrator.kernels.sites import Site
from orchestrator.tests.kernels.repository import MADVISE, MAKEFILE, Repository


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "site").mkdir()
    return Site(tmp_path / "site")


def quiet(words: str) -> None:
    pass


def tree(place: Path) -> dict[str, str]:
    files = (path for path in place.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(place)): path.read_text() for path in files}


def all_of(repo: Repository) -> dict[str, tuple[bytes, int]]:
    """Everything in the repository, git's own files too.

    The times of objects do not count: git renews them when it would have written them again.
    """
    files = (path for path in repo.place.rglob("*") if path.is_file())
    return {
        str(path): (path.read_bytes(), 0 if "objects" in path.parts else path.stat().st_mtime_ns)
        for path in files
    }


def committed(repo: Repository, rev: str) -> git.Snapshot:
    return git.committed(git.directory_of(repo.place), rev, "linux")


def test_a_commit_is_laid_out_without_what_is_in_the_working_tree(
    repo: Repository, site: Site
) -> None:
    repo.git("tag", "v1")
    (repo.place / "mm" / "madvise.c").write_text("changed\n")
    (repo.place / "new.c").touch()
    before = all_of(repo)
    snapshot = committed(repo, "v1")
    snapshot.lay_out(site, quiet)
    assert tree(site.tree) == {
        ".gitignore": "*.o\n", "Makefile": MAKEFILE, "mm/fork.c": "fork\n", "mm/madvise.c": MADVISE,
    }  # fmt: skip
    assert snapshot.read("mm/fork.c") == b"fork\n"
    assert all_of(repo) == before


def test_neighbours_are_laid_out_over_each_other_and_what_is_the_same_keeps_its_time(
    repo: Repository, site: Site
) -> None:
    first = repo.git("rev-parse", "HEAD")
    second = repo.commit(madvise="two\n", new="new\n")
    committed(repo, first).lay_out(site, quiet)
    before = (site.tree / "mm" / "fork.c").stat().st_mtime_ns
    committed(repo, second).lay_out(site, quiet)
    assert (site.tree / "mm" / "madvise.c").read_text() == "two\n"
    assert (site.tree / "mm" / "new.c").exists()
    committed(repo, first).lay_out(site, quiet)
    assert tree(site.tree)["mm/madvise.c"] == MADVISE
    assert not (site.tree / "mm" / "new.c").exists()
    assert (site.tree / "mm" / "fork.c").stat().st_mtime_ns == before


def test_a_file_that_was_changed_in_the_site_is_mended(repo: Repository, site: Site) -> None:
    snapshot = committed(repo, "HEAD")
    snapshot.lay_out(site, quiet)
    (site.tree / "mm" / "madvise.c").write_text("patched, and nobody took it back\n")
    snapshot.lay_out(site, quiet)
    assert tree(site.tree)["mm/madvise.c"] == MADVISE


def test_hooks_and_sparse_checkouts_of_the_repository_do_not_count(
    repo: Repository, site: Site
) -> None:
    hook = repo.place / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch hooked\n")
    hook.chmod(0o755)
    repo.git("sparse-checkout", "set", "--no-cone", "Makefile")
    (repo.place / "hooked").unlink(missing_ok=True)
    committed(repo, "HEAD").lay_out(site, quiet)
    assert (site.tree / "mm" / "madvise.c").exists()
    assert not (repo.place / "hooked").exists()
    assert not (site.tree / "hooked").exists()


def test_a_clean_working_tree_is_its_commit(repo: Repository, tmp_path: Path) -> None:
    (repo.place / "mm" / "madvise.o").write_text("ignored")
    found = git.working_tree(repo.place, tmp_path / "scratch")
    head = committed(repo, "HEAD")
    assert (found.tree, found.commit, found.changed) == (head.tree, head.commit, ())


def test_a_working_tree_is_taken_as_it_is_and_left_as_it_was(
    repo: Repository, site: Site, tmp_path: Path
) -> None:
    (repo.place / "mm" / "fork.c").write_text("staged\n")
    repo.git("add", "mm/fork.c")
    (repo.place / "mm" / "fork.c").write_text("and changed again\n")
    (repo.place / "mm" / "new.c").write_text("new\n")
    (repo.place / "mm" / "madvise.c").unlink()
    (repo.place / "mm" / "fork.o").write_text("an object of somebody else's build")
    before = all_of(repo)
    found = git.working_tree(repo.place / "mm", tmp_path / "scratch")
    found.lay_out(site, quiet)
    assert tree(site.tree) == {
        ".gitignore": "*.o\n", "Makefile": MAKEFILE, "mm/fork.c": "and changed again\n",
        "mm/new.c": "new\n",
    }  # fmt: skip
    assert found.changed == ("mm/fork.c", "mm/madvise.c", "mm/new.c")
    assert found.commit == repo.git("rev-parse", "HEAD")
    assert found.read("mm/new.c") == b"new\n"
    assert all_of(repo) == before


def test_another_change_is_another_tree(repo: Repository, tmp_path: Path) -> None:
    trees = set()
    for number in range(3):
        (repo.place / "mm" / "new.c").write_text(f"{number % 2}\n")
        trees.add(git.working_tree(repo.place, tmp_path / f"scratch{number}").tree)
    assert len(trees) == 2


def test_a_linked_working_tree_is_one_too(repo: Repository, tmp_path: Path) -> None:
    repo.git("worktree", "add", "--quiet", str(tmp_path / "other"))
    (tmp_path / "other" / "new.c").touch()
    assert git.working_tree(tmp_path / "other", tmp_path / "scratch").changed == ("new.c",)


@pytest.mark.parametrize("what", ["no repository", "no commit", "no working tree"])
def test_what_is_wrong_is_said(repo: Repository, tmp_path: Path, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        if what == "no repository":
            git.directory_of(tmp_path)
        elif what == "no commit":
            committed(repo, "--all")
        else:
            git.working_tree(repo.place / ".git", tmp_path / "scratch")
    assert {
        "no repository": f"{tmp_path} is no git repository: ",
        "no commit": "linux has no commit '--all'; accepted is what `git rev-parse` takes",
        "no working tree": f"{repo.place}/.git is in a git repository, but not in a working tree",
    }[what] in str(caught.value)
