# Ends every process group it was told of once the pipe from its owner closes, however the owner ended.
# Lines on standard input: "+GROUP SIGNAL" (started, with the signal that ends it cleanly), "-GROUP" (gone).
# $1: the mark that every process of this run carries in its environment. $2: seconds between signal and kill.
trap '' INT TERM HUP QUIT
mark=$1
patience=$2
groups=''

while read -r line signal; do
  group=${line#?}
  case $line in
    +*) groups="$groups $group:$signal" ;;
    -*) kept=''
        for entry in $groups; do [ "${entry%%:*}" = "$group" ] || kept="$kept $entry"; done
        groups=$kept ;;
  esac
done

# The leader alone is asked: it knows in which order its own children end. Without one, the rest of the group is.
for entry in $groups; do
  group=${entry%%:*}
  kill -s "${entry##*:}" "$group" 2>/dev/null || kill -s "${entry##*:}" -- "-$group" 2>/dev/null
done

# Not "kill -0 --": Debian's shell takes no "--" after a signal's number, and every group would look gone at once.
tries=$((patience * 5))
while [ "$tries" -gt 0 ]; do
  alive=''
  for entry in $groups; do kill -s 0 -- "-${entry%%:*}" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && break
  sleep 0.2
  tries=$((tries - 1))
done

for entry in $groups; do kill -s KILL -- "-${entry%%:*}" 2>/dev/null; done
# Whatever left its group, or was started a moment before the owner ended, still carries the mark.
for environ in $(grep -lsaF -- "$mark" /proc/[0-9]*/environ); do
  process=${environ#/proc/}
  kill -s KILL "${process%/environ}" 2>/dev/null
done
