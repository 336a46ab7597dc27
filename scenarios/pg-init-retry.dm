# The hardware handler says MP_RETRY (read in 2.6.24): as long as
# pg_init_retries allows, the group is initialised again, on the same
# path. Without the feature the first MP_RETRY fails the path.
era: 2.6.20
mode: bio
model-only: the handler's command fails on demand

disk sda 2048
disk sdb 2048
create m1
  0 2048 multipath 3 queue_if_no_path pg_init_retries 1 1 emc 1 1 \
    round-robin 0 1 1 /dev/sda 1000
create m2
  0 2048 multipath 1 queue_if_no_path 1 emc 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
fault pg_init m1 retry
io a m1 r 0 8
wait a
status m1
fault pg_init m2 retry
io b m2 r 0 8
status m2
message m2 0 reinstate_path /dev/sdb
wait b
status m2
----
create m1 = ok
create m2 = ok
io a = ok, reads -*8
  0 2048 multipath 1 0 0 1 1 A 0 1 0 8:0 A 0
status m1 = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:16 F 1
status m2 = ok
message m2 0 reinstate_path /dev/sdb = ok
io b = ok, reads -*8
  0 2048 multipath 1 0 0 1 1 A 0 1 0 8:16 A 1
status m2 = ok
