# Round robin takes a path for as many I/Os as its repeat count, then
# the next: a and b go over sda, c over sdb, d and e over sda, f over
# sdb.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 0 0 1 1 \
    round-robin 0 2 1 /dev/sda 2 /dev/sdb 1
hold sda
hold sdb
io a mp r 0 8
io b mp r 0 8
io c mp r 0 8
io d mp r 0 8
io e mp r 0 8
io f mp r 0 8
release sdb ok
status mp
release sda ok
----
create mp = ok
io c = ok, reads -*8
io f = ok, reads -*8
  0 2048 multipath 1 0 0 1 1 A 0 2 0 8:0 A 0 8:16 A 0
status mp = ok
io a = ok, reads -*8
io b = ok, reads -*8
io d = ok, reads -*8
io e = ok, reads -*8
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
io b = ok, reads -*8
io d = ok, reads -*8
io f = ok, reads -*8
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 A 0 8:16 A 0
status mp = ok
io a = ok, reads -*8
io c = ok, reads -*8
io e = ok, reads -*8
