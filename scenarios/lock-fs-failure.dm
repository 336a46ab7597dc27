# lock_fs fails in a suspend without the flag: the suspend fails, and
# presuspend is not undone (F12). What waited in the target has failed,
# and the policy is lost: a resume does nothing, because the device is
# not suspended; only a message sets it again.
era: 2.6.20 2.6.19
mode: bio
model-only: freeze_bdev does not fail on demand

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
fault lock_fs mp
suspend mp
info mp
resume mp
io b mp r 0 8
message mp 0 queue_if_no_path
io c mp r 0 8
table mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp = EROFS
io a = EIO
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      1
resume mp = ok
io b = EIO
message mp 0 queue_if_no_path = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
io c = held in the target
