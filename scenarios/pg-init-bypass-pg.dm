# The hardware handler says MP_BYPASS_PG: the group becomes a last
# resort, its path stays active, and the second group is used. When the
# second has no path, the first is tried all the same.
era: 2.6.20 2.6.19
mode: bio
model-only: the handler's command fails on demand

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 1 emc 2 1 \
    round-robin 0 1 1 /dev/sda 1000 \
    round-robin 0 1 1 /dev/sdb 1000
fault pg_init mp bypass_pg
io a mp r 0 8
wait a
status mp
message mp 0 fail_path /dev/sdb
io b mp r 0 8
wait b
status mp
----
create mp = ok
io a = ok, reads -*8
  0 2048 multipath 1 0 0 2 2 D 0 1 0 8:0 A 0 A 0 1 0 8:16 A 0
status mp = ok
message mp 0 fail_path /dev/sdb = ok
io b = ok, reads -*8
  0 2048 multipath 1 0 0 2 1 D 0 1 0 8:0 A 0 E 0 1 0 8:16 F 1
status mp = ok
