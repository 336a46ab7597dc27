# The flag belongs on the call that suspends (KERNEL.md A.7, F13). A
# suspend without it has flushed already when the resume carries it.
era: 2.6.20 series:7 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp r 0 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
suspend mp
resume mp --noflush
io b mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
load mp = ok
io a = EIO
suspend mp = ok
resume mp --noflush = ok
io b = ok, reads -*8
