# A suspended device that holds pushed-back I/O in its core is not
# removed, because the application has it open. The refusal changes
# nothing: the I/O is issued by the resume. 2.6.19 has failed it, and
# removes the device at once.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
suspend mp --noflush
remove mp
message mp 0 reinstate_path /dev/sda
resume mp
wait a
remove mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp = EBUSY
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
remove mp = ok
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
remove mp = ok
message mp 0 reinstate_path /dev/sda = ENXIO
resume mp = ENXIO
remove mp = ENXIO
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume restores the policy, a waits in the target
# (__map_bio), and wait a never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
remove mp = EBUSY
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
remove mp = not reached
io a = held in the target
