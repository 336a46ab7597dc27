# Mail 07/11, bdget_failure_clears_flag_and_flushes: bdget_disk fails
# under noflush (KERNEL.md A.4, S4 to F): the suspend returns -ENOMEM,
# the flag is clear, and what was pushed back since presuspend is issued
# again at once; a path has come back, so it succeeds. The policy stays
# set aside. With patch 6 alone multipath does not ask, and the I/O
# fails in its map.
era: series:7 series:6
mode: bio
model-only: bdget_disk does not fail on demand

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
fault bdget mp
suspend mp --noflush --tag s &
step s until S4
io a mp w 0 8
message mp 0 reinstate_path /dev/sda
step s
wait s
info mp
table mp
---- series:7
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sda = ok
suspend mp --noflush --tag s = ENOMEM
io a = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      2
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- series:6
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
message mp 0 reinstate_path /dev/sda = ok
suspend mp --noflush --tag s = ENOMEM
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      2
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
