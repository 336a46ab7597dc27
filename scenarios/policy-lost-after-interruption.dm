# An interrupted suspend does not restore queue_if_no_path (F1): the
# device behaves as fail_if_no_path from then on, and a resume does not
# help, because the device is not suspended. b, pushed back and issued
# again by the interrupted suspend (flushed, in 2.6.19), fails, and c as
# well.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
message mp 0 fail_path /dev/sda
io b mp r 0 8
suspend mp --noflush --tag s &
signal s
wait s
table mp
resume mp
io c mp r 0 8
release sda ok
wait a
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
io b = EIO
suspend mp --noflush --tag s = EINTR
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
resume mp = ok
io c = EIO
io a = ok, reads -*8
---- kernel 6.1 6.12
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = EINTR
io b = EIO
  0 2048 multipath 1 retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
resume mp = ok
io c = EIO
io a = ok, reads -*8
---- kernel 6.1 6.12 rq
# multipath_presuspend leaves the policy of a request-based queue alone
# with noflush: nothing is lost. multipath_clone_and_map:
# DM_MAPIO_DELAY_REQUEUE without a path (must_push_back_rq): b and c are
# back in blk-mq, not in flight.
# rr_add_path takes 1 for every larger repeat_count.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = EINTR
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
resume mp = ok
io a = ok, reads -*8
io b = held in the core
io c = held in the core
