"""``python -m bot`` is the ``saqbol`` command."""

if __name__ == "__main__":
    # Here, for the processes that generate people import this module under another name.
    from bot.cli import main

    main()
