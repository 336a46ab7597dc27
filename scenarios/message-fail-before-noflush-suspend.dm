# fail_if_no_path before a noflush suspend: the policy that the suspend
# sets aside is not to queue, so that nothing is pushed back (KERNEL.md
# B.2). a loses its path during the suspend and fails.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
message mp 0 fail_if_no_path
suspend mp --noflush --tag s &
release sda error
wait s
----
create mp = ok
message mp 0 fail_if_no_path = ok
io a = EIO
suspend mp --noflush --tag s = ok
---- kernel 6.1 6.12
# __must_push_back looks at dm_noflush_suspending only: a goes back to
# the core (multipath_end_io_bio, dm_handle_requeue).
create mp = ok
message mp 0 fail_if_no_path = ok
suspend mp --noflush --tag s = ok
io a = held in the core
---- kernel 6.1 6.12 rq
# __must_push_back looks at dm_noflush_suspending only: multipath_end_io
# answers DM_ENDIO_REQUEUE (must_push_back_rq), and a goes back into
# blk-mq (dm_requeue_original_request).
create mp = ok
message mp 0 fail_if_no_path = ok
suspend mp --noflush --tag s = ok
io a = held in the core
