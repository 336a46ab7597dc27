# striped over two disks, chunks of 8 sectors: a bio is cut at every
# chunk; one disk that is held holds the bio as a whole.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
disk sdb 2048
create s
  0 2048 striped 2 8 /dev/sda 0 /dev/sdb 1024
create lower
  0 2048 linear /dev/sdb 0
hold sdb
io a s w 4 24
status s
release sdb ok
wait a
io b s r 0 32
io c lower r 1020 24
table s
----
create s = ok
create lower = ok
  0 2048 striped
status s = ok
io a = ok
io b = ok, reads -*4 a*24 -*4
io c = ok, reads -*4 a*12 -*8
  0 2048 striped 2 8 8:0 0 8:16 1024
table s = ok
---- kernel 6.1 6.12
# stripe_status: INFO is the number of stripes, their devices, 1, and a
# letter for each (A: no error_count); 2.6.20 printed nothing.
create s = ok
create lower = ok
  0 2048 striped 2 8:0 8:16 1 AA
status s = ok
io a = ok
io b = ok, reads -*4 a*24 -*4
io c = ok, reads -*4 a*12 -*8
  0 2048 striped 2 8 8:0 0 8:16 1024
table s = ok
