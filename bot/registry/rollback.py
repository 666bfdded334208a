"""Back to an earlier generation of the pepper in use."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.registry.errors import RegistryBrokenError, RegistryError
from bot.registry.generations import Generations, describe_file
from bot.registry.keys import RegistryKey
from bot.registry.snapshot import Snapshot, SnapshotInfo


def roll_back(
    home: Path, key: RegistryKey, before_switch: Callable[[SnapshotInfo], None] | None = None
) -> SnapshotInfo:
    """Make the newest earlier generation of this key current again.

    Those of another key are passed over: with this pepper nobody would be found in them.

    Args:
        before_switch: called once nothing but the switch is left; what it raises stops it.

    Raises:
        RegistryError: there is none, or an import is running.
        RegistryBrokenError: the file of one is damaged.
    """
    generations = Generations(home)
    with generations.locked():
        earlier = generations.listed()[1:]
        for place, generation in enumerate(earlier):
            path = generations.path_of(generation)
            if not path.exists() or describe_file(path, generation.file) != generation:
                raise RegistryBrokenError(
                    f"register file {generation.file} is missing or damaged. Nothing was changed:"
                    " import an earlier CSV with force"
                )
            with closing(Snapshot(path)) as snapshot:
                info = snapshot.info
            if info.key_id == key.key_id:
                if before_switch is not None:
                    before_switch(info)
                generations.publish(earlier[place:])
                return info
    passed_over = f" of {len(earlier)} none has the pepper in use;" if earlier else ""
    raise RegistryError(
        f"no earlier generation is kept:{passed_over} import an earlier CSV with force"
    )
