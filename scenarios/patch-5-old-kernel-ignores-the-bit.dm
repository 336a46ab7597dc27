# A tool that always sets DM_NOFLUSH_FLAG works on every kernel: those
# that do not know the bit, or know it and do not act on it, take the
# suspend for a plain one.
era: 2.6.20 2.6.19 series:4 series:5 series:6 series:7
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp --noflush --nolockfs
message mp 0 reinstate_path /dev/sda
resume mp --noflush --nolockfs
io b mp r 0 8
---- 2.6.20 series:7
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --nolockfs = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp --noflush --nolockfs = ok
io a = ok, reads -*8
io b = ok, reads -*8
---- 2.6.19 series:4 series:5 series:6
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush --nolockfs = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp --noflush --nolockfs = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume finds none, and a and b wait in the target.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --nolockfs = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp --noflush --nolockfs = ok
io a = held in the target
io b = held in the target
