# reinstate_path puts a path at the head of the round robin, not at its
# tail: the next I/O takes it (rr_reinstate_path, read in 2.6.24).
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
disk sdc 2048 lun sda
create mp
  0 2048 multipath 0 0 1 1 \
    round-robin 0 3 1 /dev/sda 1 /dev/sdb 1 /dev/sdc 1
hold sda
hold sdb
hold sdc
io a mp r 0 8
message mp 0 fail_path /dev/sdc
message mp 0 reinstate_path /dev/sdc
io b mp r 0 8
release sdc ok
release sdb ok
release sda ok
----
create mp = ok
message mp 0 fail_path /dev/sdc = ok
message mp 0 reinstate_path /dev/sdc = ok
io b = ok, reads -*8
io a = ok, reads -*8
