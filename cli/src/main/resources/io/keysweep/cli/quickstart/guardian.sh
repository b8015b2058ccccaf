# Runs a command for as long as standard input stays open, and leaves nothing behind.
#
#   sh -c "$(cat guardian.sh)" guardian FOLDER COMMAND [ARGUMENT...]
#
# Standard input is a pipe from the process that needs the command. When that process ends, even by
# kill -9, the pipe closes. Then the command gets SIGTERM, after 30 seconds SIGKILL, and FOLDER is
# removed with everything in it. Until then FOLDER/log has the command's output, and FOLDER/exit its
# exit code if it has ended.
folder=$1; shift
mkdir -p -m 700 -- "$folder" || exit 1
exec 3<&0 </dev/null

"$@" 3<&- >"$folder/log" 2>&1 &
child=$!

{
  while read -r line; do :; done <&3
  if [ ! -e "$folder/exit" ]; then kill "$child" 2>/dev/null; fi
  tenths=300
  while [ ! -e "$folder/exit" ] && [ "$tenths" -gt 0 ]; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  if [ ! -e "$folder/exit" ]; then kill -9 "$child" 2>/dev/null; fi
} &
watcher=$!
exec 3<&-

# Set after the start, as the command must not inherit it. A trapped signal ends a wait early, hence the loops.
trap : HUP INT TERM
code=0
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
echo "$code" >"$folder/exit"
while kill -0 "$watcher" 2>/dev/null; do wait "$watcher"; done

rm -rf -- "$folder"
# The parent folder is removed with the last folder in it.
rmdir -- "${folder%/*}" 2>/dev/null
exit 0
