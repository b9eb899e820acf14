"""What beat starts exists, and says what it is."""

from pharmacy.celery import app


def test_every_entry_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert wanted - app.tasks.keys() == set()


def test_tasks_take_ids_by_name() -> None:
    """A record handed to a task would be what it was when it was handed over."""
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if name.startswith("pharmacy.")]
    assert ours
    for task in ours:
        code = task.run.__code__
        assert code.co_argcount == 0, f"{task.name} takes arguments by position"
        names = code.co_varnames[: code.co_kwonlyargcount]
        assert [name for name in names if not name.endswith("_id")] == [], task.name
