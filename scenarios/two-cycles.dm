# Pushed back twice: the first resume finds no path, the target holds
# the write again, and a second noflush suspend pushes it back again;
# then the disk is back under another name. Nothing is lost.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
unplug sda
io a mp w 0 8
suspend mp --noflush
resume mp
status mp
replug sda as sdb
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdb 1000
suspend mp --noflush
resume mp
wait a
io b mp r 0 8
---- 2.6.20
create mp = ok
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
suspend mp --noflush = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
---- 2.6.19
create mp = ok
io a = EIO
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
suspend mp --noflush = ok
resume mp = ok
io b = ok, reads -*8
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
suspend mp --noflush = ok
resume mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
load mp = ok
suspend mp --noflush = ok
resume mp = ok
io a = ok
io b = ok, reads a*8
