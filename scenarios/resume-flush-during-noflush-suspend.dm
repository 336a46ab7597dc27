# A resume without the flag and with a loaded table comes while a
# noflush suspend waits for a: its own suspend is refused, the first one
# decides, and a, which loses its path, is pushed back and goes over the
# path of the new table.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
suspend mp --noflush --tag s &
resume mp --tag r &
release sda error
wait s
wait r
wait a
io b mp r 0 8
---- 2.6.20
create mp = ok
load mp = ok
suspend mp --noflush --tag s = ok
resume mp --tag r = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
load mp = ok
io a = EIO
suspend mp --noflush --tag s = ok
resume mp --tag r = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# do_resume returns dm_suspend's error and puts new_map back (6.11, in
# both Debian kernels); 2.6.20 ignored it. It is -EINVAL: the device is
# suspended already (dm_suspended_md), and stays so: a stays in
# md->deferred, and wait a never ends.
create mp = ok
load mp = ok
suspend mp --noflush --tag s = ok
resume mp --tag r = EINVAL
io a = held in the core
io b = not issued
