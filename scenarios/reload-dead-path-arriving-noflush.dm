# a comes while the device is suspended. The path of the next table is
# dead: a learns it there, after the resume, and is held in the new
# target.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
suspend mp --noflush
io a mp w 0 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
offline sdb
resume mp
io b mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
load mp = ok
resume mp = ok
io a = held in the target
io b = held in the target
