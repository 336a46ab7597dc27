# A suspend without the flag is interrupted while one with it waits for
# suspend_lock. The second one then suspends the device, but finds that
# the policy is not to queue, as the first has left it (F1): a loses its
# path and fails in a noflush suspend.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --tag f &
suspend mp --noflush --tag n &
signal f
wait f
release sda error
wait n
resume mp
table mp
----
create mp = ok
suspend mp --tag f = EINTR
io a = EIO
suspend mp --noflush --tag n = ok
resume mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
# __must_push_back looks at dm_noflush_suspending only: a goes back to
# the core. queue_if_no_path(): "QIFNP disabled but saved as enabled"
# keeps MPATHF_SAVED_QUEUE_IF_NO_PATH: the resume restores the policy,
# and a waits in the target (__map_bio). multipath_status prints
# retain_attached_hw_handler (alloc_multipath_stage2, queue_mode bio);
# rr_add_path takes 1 for every larger repeat_count.
create mp = ok
suspend mp --tag f = EINTR
suspend mp --noflush --tag n = ok
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the target
