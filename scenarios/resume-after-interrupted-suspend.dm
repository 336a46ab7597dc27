# A resume with a loaded table waits for suspend_lock, and the suspend
# that has it is interrupted: the resume then suspends the device
# itself. Both carry the flag, but the policy is lost by the first (F1),
# and a, which loses its path, fails.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
suspend mp --noflush --tag s &
resume mp --noflush --tag r &
signal s
wait s
release sda error
wait r
table mp
----
create mp = ok
load mp = ok
suspend mp --noflush --tag s = EINTR
io a = EIO
resume mp --noflush --tag r = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:16 1000
table mp = ok
---- kernel 6.1 6.12
# __must_push_back looks at dm_noflush_suspending only: a goes back to
# the core (multipath_end_io_bio, dm_handle_requeue), and then over the
# path of the new table.
# multipath_status prints retain_attached_hw_handler, which
# alloc_multipath_stage2 sets for queue_mode bio; rr_add_path takes 1
# for every larger repeat_count.
create mp = ok
load mp = ok
suspend mp --noflush --tag s = EINTR
resume mp --noflush --tag r = ok
io a = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:16 1
table mp = ok
---- kernel 6.1 6.12 rq
# multipath_presuspend leaves the policy alone (request-based, noflush):
# multipath_end_io answers DM_ENDIO_REQUEUE (must_push_back_rq), a goes
# back into blk-mq, and then over the path of the new table.
# rr_add_path takes 1 for every larger repeat_count.
create mp = ok
load mp = ok
suspend mp --noflush --tag s = EINTR
resume mp --noflush --tag r = ok
io a = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:16 1
table mp = ok
