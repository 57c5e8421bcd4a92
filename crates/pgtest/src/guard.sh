# Runs a server for a process that may be killed, and does not leave the server behind.
#
#   guard.sh FOLDER PROGRAM ARGUMENT…
#
# Standard input is a pipe that only that process holds. A line on it stops the server: "fast" after a checkpoint,
# anything else at once, as a crash would. The end of it without a line means that the process is gone: the server is
# stopped and FOLDER removed. Standard output gets the server's process id.
#
# Preferred to a signal at the parent's death (prctl): that one comes when the *thread* ends that started the server, which
# is usually the first test that wanted it; other systems than Linux do not have it; and it leaves the folder.
folder=$1
shift
exec 3<&0 </dev/null
"$@" >>"$folder/server.log" 2>&1 3<&- &
server=$!
echo "$server"
(
    if read -r how <&3; then
        gone=0
    else
        how=gone gone=3
        # From here on the folder is ours to remove: the shell below, which sees the server end, must not stop us.
        trap '' TERM
    fi
    case $how in
        fast) kill -INT "$server" ;;
        *) kill -QUIT "$server" ;;
    esac
    exit $gone
) >/dev/null 2>&1 &
watcher=$!
wait "$server"
ended=$?
# The server's number may soon be another's: nobody signals it any more.
kill "$watcher" 2>/dev/null
wait "$watcher"
if [ $? -eq 3 ]; then
    rm -rf "$folder"
fi
exit $ended
