#!/usr/bin/env python3
"""Shows that a break reminder reaches the desktop: answers as its notification service on a bus of its own.

    python3 -m venv VENV && VENV/bin/pip install -r ci/requirements.txt
    dbus-run-session -- VENV/bin/python ci/notification.py target/release/ondol

Proves that the program asks org.freedesktop.Notifications for one notification with heading and text, that it
says so, and that without a service the reminder comes in the terminal. It does not prove how a desktop draws it.
"""

import subprocess
import sys
import tempfile

from jeepney import MessageType, message_bus, new_error, new_method_return
from jeepney.io.blocking import open_dbus_connection

SERVICE = "org.freedesktop.Notifications"
ANSWERS = {
    "GetServerInformation": ("ssss", ("ci", "none", "1", "1.2")),
    "GetCapabilities": ("as", (["body"],)),
    "Notify": ("u", (1,)),
    "CloseNotification": ("", ()),
}


def try_once(ondol, folder):
    command = [ondol, "care", "breaks", "--try", "--data", folder]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def serve(bus, program):
    """Answers calls until the program ends; returns the notifications that it asked for."""
    asked = []
    while program.poll() is None:
        try:
            call = bus.receive(timeout=0.2)
        except TimeoutError:
            continue
        if call.header.message_type != MessageType.method_call:
            continue
        member = call.header.fields.get(3)
        if member not in ANSWERS:
            bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod", "s", (str(member),)))
            continue
        if member == "Notify":
            asked.append(call.body)
        bus.send(new_method_return(call, *ANSWERS[member]))
    return asked


def main(ondol):
    with tempfile.TemporaryDirectory() as folder, open_dbus_connection(bus="SESSION") as bus:
        said, wrong = try_once(ondol, folder).communicate(timeout=60)
        assert "Time to get up" in said and "terminal" in said, f"without a service: {said!r} {wrong!r}"

        bus.send_and_get_reply(message_bus.RequestName(SERVICE))
        program = try_once(ondol, folder)
        asked = serve(bus, program)
        said, wrong = program.communicate()
        assert program.returncode == 0, wrong
        assert len(asked) == 1, f"{len(asked)} notifications were asked for: {asked}"
        name, heading, text = asked[0][0], asked[0][3], asked[0][4]
        assert (name, heading) == ("Ondol", "Time to get up") and "minutes" in text, asked
        assert "desktop" in said and "Time to get up" not in said, said
    print(f"one notification reached the bus: {heading!r}, {text!r}")


if __name__ == "__main__":
    main(sys.argv[1])
