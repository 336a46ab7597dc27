# The worker asks twice (KERNEL.md B.3): its map of what waited answers
# REQUEUE, and then the clone ends and multipath_end_io decides anew. A
# message in between takes push-back away: the I/O fails.
era: 2.6.20 series:7
mode: bio
model-only: the message comes between two instructions

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush --tag s &
step mp.process_queued_ios until J1
message mp 0 fail_if_no_path
step mp.process_queued_ios
wait s
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_if_no_path = ok
io a = EIO
suspend mp --noflush --tag s = ok
