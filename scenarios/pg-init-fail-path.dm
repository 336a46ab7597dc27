# The hardware handler cannot initialise the first group and says
# MP_FAIL_PATH: the path is failed, and the second group is initialised
# and used.
era: 2.6.20 2.6.19
mode: bio
model-only: the handler's command fails on demand

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 1 emc 2 1 \
    round-robin 0 1 1 /dev/sda 1000 \
    round-robin 0 1 1 /dev/sdb 1000
fault pg_init mp fail_path
io a mp r 0 8
wait a
status mp
----
create mp = ok
io a = ok, reads -*8
  0 2048 multipath 1 0 0 2 2 E 0 1 0 8:0 F 1 A 0 1 0 8:16 A 0
status mp = ok
