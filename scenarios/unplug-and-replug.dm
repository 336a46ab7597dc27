# A cable that is pulled out and put in again under the same name: the
# path has failed meanwhile, and a message brings it back.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp w 0 8
unplug sda
status mp
replug sda
release sda ok
message mp 0 reinstate_path /dev/sda
wait a
io b mp r 0 8
----
create mp = ok
  0 2048 multipath 1 1 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok
io b = ok, reads a*8
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
message mp 0 reinstate_path /dev/sda = ok
io a = ok
io b = ok, reads a*8
