"""``python -m bot`` is the ``saqbol`` command."""

from bot.cli import main

if __name__ == "__main__":
    main()
