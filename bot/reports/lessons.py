"""Whoever may change settings hears once when follow-ups teach that a question is needed (N15)."""

from sqlalchemy import Connection

from flows.effects import Kind, Post
from flows.handover import Handover
from flows.playbook import Playbook
from flows.reports.lessons import lessons
from storage import gaps, outbox, people, posts, workspaces
from storage.outbox import Job
from storage.workspaces import Workspace

_NOBODY = ""
"""Who caused it: many follow-ups did, so that it is quiet for everybody."""


def proposals(
    connection: Connection, before: Handover, after: Handover, playbook: Playbook, now: int
) -> tuple[Job, ...]:
    """What is to be said once a follow-up has found something; each lesson once to each reader.

    It is the playbook of new handovers that would be changed.
    """
    if not gaps.sync(connection, before, after):
        return ()
    workspace = workspaces.find(connection, after.team)
    told = learners(connection, workspace)
    jobs: list[Job] = []
    for lesson in lessons(gaps.of_team(connection, after.team), playbook, workspace.noted):
        wanted = [
            Post(to=user, kind=Kind.LESSON, subject=lesson.question)
            for user in told
            if not _is_told(connection, after.team, user, lesson.question)
        ]
        jobs += outbox.add(connection, after.team, "", "lesson", wanted, now, _NOBODY)
    return tuple(jobs)


def _is_told(connection: Connection, team: str, user: str, question: str) -> bool:
    """Whether it stands with somebody; the outbox forgets what was delivered long ago."""
    return posts.standing(connection, team, "", user, Kind.LESSON, question) is not None


def learners(connection: Connection, workspace: Workspace) -> list[str]:
    """The leaders who are admins, and whoever installed the bot; without any, all leaders."""
    asked = dict.fromkeys([*workspace.leaders, workspace.installer or ""])
    known = people.find_all(connection, workspace.team, set(asked))
    there = [user for user in asked if user in known and known[user].is_colleague]
    admins = [user for user in there if known[user].is_admin]
    return admins or [user for user in there if user in workspace.leaders]
