# Patch 6 lets the core push back, but multipath does not ask for it
# before patch 7: its queued I/O still fails in a noflush suspend.
era: series:6 series:5 series:7
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
suspend mp --noflush
message mp 0 reinstate_path /dev/sda
resume mp
---- series:6 series:5
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
---- series:7
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok, reads -*8
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume finds none, and a waits in the target.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the target
