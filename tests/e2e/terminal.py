"""Runs a command at a terminal of its own: terminal.py SHOWN WORDS=TYPED… -- COMMAND…

Each time the terminal shows the next WORDS, TYPED is typed and a line ended; "^C" and "^D" are those
keys alone. All that the terminal has shown is in the file SHOWN afterwards. Ends with the command's
status, 128 and the number of the signal that ended it, or 99 if the terminal is left without echo.
"""

import os
import pty
import select
import sys
import termios
import time

KEYS = {"^C": b"\x03", "^D": b"\x04"}
SECONDS = 60

end = sys.argv.index("--")
answers = [word.rsplit("=", 1) for word in sys.argv[2:end]]
ours, theirs = pty.openpty()
child = os.fork()
if child == 0:
    os.close(ours)
    os.login_tty(theirs)
    os.execvp(sys.argv[end + 1], sys.argv[end + 1:])

shown, seen, deadline = b"", 0, time.monotonic() + SECONDS
status = None
while status is None and time.monotonic() < deadline:
    if select.select([ours], [], [], 0.05)[0]:
        shown += os.read(ours, 4096)
    elif (done := os.waitpid(child, os.WNOHANG))[0]:
        status = os.waitstatus_to_exitcode(done[1])
    if answers and answers[0][0].encode() in shown[seen:]:
        typed = answers.pop(0)[1]
        seen = len(shown)
        # A program that flushes what was typed before it asked does so right after its words.
        time.sleep(0.2)
        os.write(ours, KEYS.get(typed, typed.encode() + b"\n"))
with open(sys.argv[1], "wb") as file:
    file.write(shown)
if status is None or answers:
    sys.exit(f"the terminal has not shown {answers[0][0] if answers else 'an end'}: {shown!r}")
echoes = termios.tcgetattr(theirs)[3] & termios.ECHO
sys.exit(99 if not echoes else status if status >= 0 else 128 - status)
