# Patch 1 changes white space in clone_endio and __map_bio: a path that
# fails, I/O that moves to the other path, a suspend that flushes and a
# suspend that carries the unknown bit all end as before.
era: series:1 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 2 1 /dev/sda 1000 /dev/sdb 1000
offline sda
io a mp w 0 8
wait a
status mp
offline sdb
io b mp r 0 8
suspend mp
resume mp
io c mp r 0 8
suspend mp --noflush
----
create mp = ok
io a = ok
  0 2048 multipath 1 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 0
status mp = ok
io b = EIO
suspend mp = ok
resume mp = ok
io c = EIO
suspend mp --noflush = ok
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# do_suspend knows DM_NOFLUSH_FLAG, 2.6.19 does not: __must_push_back
# looks at dm_noflush_suspending only, and dm_requeue_add_io puts c on
# md->deferred.
create mp = ok
io a = ok
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 0
status mp = ok
suspend mp = ok
io b = EIO
resume mp = ok
suspend mp --noflush = ok
io c = held in the core
