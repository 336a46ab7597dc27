# Pushed back is in the order in which the clones come back, not in the
# order in which the bios came (N1): b, which the target holds, comes
# back before a, which the disk holds, so a is written last.
era: 2.6.20
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
message mp 0 fail_path /dev/sda
io b mp w 4 8
suspend mp --noflush --tag s &
release sda error
wait s
running sda
message mp 0 reinstate_path /dev/sda
resume mp
wait a
wait b
io c mp r 0 12
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io b = ok
io a = ok
io c = ok, reads a*8 b*4
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, a and b wait in the target
# (__map_bio), and wait a never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the target
io b = held in the target
io c = not issued
