# Mail 07/11, interrupted_noflush_suspend: a is pushed back, b is still
# with a disk when the signal comes. The suspend returns -EINTR. a is
# issued again at once, not at resume time as the mail says, and takes
# the path that has come back meanwhile. b loses its path afterwards and
# fails: the policy is still set aside, and nothing restores it (F1).
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 2 1 /dev/sda 1000 /dev/sdb 1000
hold sda
io b mp w 0 8
message mp 0 fail_path /dev/sda
message mp 0 fail_path /dev/sdb
io a mp w 8 8
suspend mp --noflush --tag s &
message mp 0 reinstate_path /dev/sdb
signal s
wait s
wait a
message mp 0 fail_path /dev/sdb
release sda error
wait b
table mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdb = ok
suspend mp --noflush --tag s = EINTR
io a = ok
message mp 0 fail_path /dev/sdb = ok
io b = EIO
  0 2048 multipath 0 0 1 1 round-robin 0 2 1 8:0 1000 8:16 1000
table mp = ok
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
io a = EIO
message mp 0 reinstate_path /dev/sdb = ok
suspend mp --noflush --tag s = EINTR
message mp 0 fail_path /dev/sdb = ok
io b = EIO
  0 2048 multipath 0 0 1 1 round-robin 0 2 1 8:0 1000 8:16 1000
table mp = ok
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdb = ok
suspend mp --noflush --tag s = EINTR
io a = ok
message mp 0 fail_path /dev/sdb = ok
io b = EIO
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 2 1 8:0 1 8:16 1
table mp = ok
---- kernel 6.1 6.12 rq
# multipath_presuspend leaves the policy alone (request-based, noflush):
# multipath_end_io answers DM_ENDIO_REQUEUE (must_push_back_rq), b goes
# back into blk-mq, and wait b never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdb = ok
suspend mp --noflush --tag s = EINTR
io a = ok
message mp 0 fail_path /dev/sdb = ok
table mp = not reached
io b = held in the core
