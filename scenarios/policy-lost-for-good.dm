# A second suspend after an interrupted one saves the policy that the
# first has set, which is not to queue: it is lost for good, and there
# is no push-back during that suspend, because current and saved policy
# are equal (F1). b loses its path and fails in a noflush suspend.
era: 2.6.20
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --noflush --tag s &
signal s
wait s
io b mp r 0 8
suspend mp --noflush --tag t &
release sda error
wait t
resume mp
table mp
----
create mp = ok
suspend mp --noflush --tag s = EINTR
io a = EIO
io b = EIO
suspend mp --noflush --tag t = ok
resume mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
# queue_if_no_path(): "saving again loses state, not saving!", so that
# multipath_resume restores the policy. __must_push_back looks at
# dm_noflush_suspending only: a and b come back and wait in the target.
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
suspend mp --noflush --tag s = EINTR
suspend mp --noflush --tag t = ok
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the target
io b = held in the target
---- kernel 6.1 6.12 rq
# multipath_presuspend leaves the policy of a request-based queue alone
# with noflush: nothing is lost. multipath_end_io: DM_ENDIO_REQUEUE when
# the path fails; multipath_clone_and_map: DM_MAPIO_DELAY_REQUEUE
# without one (must_push_back_rq): a and b are back in blk-mq, not in
# flight.
# rr_add_path takes 1 for every larger repeat_count.
create mp = ok
suspend mp --noflush --tag s = EINTR
suspend mp --noflush --tag t = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the core
io b = held in the core
