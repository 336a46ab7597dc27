/* The reference workload for Spin: one process, every state packed by hand into few variables.
 * spin -a -DN=5 -DP=2 -DF=2 -DK=2 reference.pml */
byte st[N];        /* 0 new 1 deferred 2 pushback 3 queued 4 mapping 5 error 6 ok 7 eio 8+p on p */
unsigned dl : 20;  /* four bits a bio, its number plus one, the first lowest */
unsigned pb : 20;
unsigned iq : 20;
unsigned plug : 2 = (1 << P) - 1;
unsigned fail : 2;
unsigned pend : 3;
unsigned pc : 3;
unsigned cyc : 2;
unsigned faults : 2;
bool noflush, block, saved;
bool qinp = true;

#define ALLFAIL (fail == (1 << P) - 1)
#define LEN(q)  (((q) > 0) + ((q) > 15) + ((q) > 255) + ((q) > 4095) + ((q) > 65535))
#define PUSH(q, i)  q = q | (((i) + 1) << (4 * LEN(q)))
#define DONE(i)  (st[i] == 6 || st[i] == 7)

#define NOPATH(i) \
  if \
  :: noflush -> PUSH(pb, i); pend--; st[i] = 2 \
  :: !noflush && qinp -> PUSH(iq, i); st[i] = 3 \
  :: else -> pend--; st[i] = 7 \
  fi

#define BIO(i) \
  :: d_step { st[i] == 0 && block -> PUSH(dl, i); st[i] = 1 } \
  :: d_step { st[i] == 0 && !block -> pend++; st[i] = 4 } \
  :: d_step { st[i] == 4 && !(fail & 1) -> st[i] = 8 } \
  :: d_step { P > 1 && st[i] == 4 && !(fail & 2) -> st[i] = 9 } \
  :: d_step { (st[i] == 4 || st[i] == 5) && ALLFAIL -> NOPATH(i) } \
  :: d_step { st[i] == 5 && !ALLFAIL -> st[i] = 4 } \
  :: d_step { st[i] > 7 && (plug & (1 << (st[i] - 8))) -> st[i] = 6; pend-- } \
  :: d_step { st[i] > 7 && !(plug & (1 << (st[i] - 8))) -> fail = fail | (1 << (st[i] - 8)); st[i] = 5 }

#define PATH(p) \
  :: d_step { (plug & (1 << p)) && faults < F -> plug = plug & ~(1 << p); faults++ } \
  :: d_step { !(plug & (1 << p)) -> plug = plug | (1 << p) } \
  :: d_step { !(fail & (1 << p)) && faults < F -> fail = fail | (1 << p); faults++ } \
  :: d_step { (fail & (1 << p)) && (plug & (1 << p)) -> fail = fail & ~(1 << p) }

#define MERGE(i)  if :: st[i] == 2 -> st[i] = 1 :: else fi

active proctype all() {
end:
  do
  BIO(0)
#if N > 1
  BIO(1)
#endif
#if N > 2
  BIO(2)
#endif
#if N > 3
  BIO(3)
#endif
#if N > 4
  BIO(4)
#endif
  :: d_step { iq > 0 && (!ALLFAIL || noflush || !qinp) -> st[(iq & 15) - 1] = 4; iq = iq >> 4 }
  :: d_step { !block && dl > 0 -> st[(dl & 15) - 1] = 4; dl = dl >> 4; pend++ }
  :: d_step { pc == 0 && cyc < K -> noflush = true; pc = 1; cyc++ }
  :: d_step { pc == 1 -> saved = qinp; qinp = qinp && noflush; pc = 2 }
  :: d_step { pc == 2 -> block = true; pc = 3 }
  :: d_step { pc == 3 && pend == 0 -> pc = 4 }
  :: d_step { pc == 4 -> dl = pb | (dl << (4 * LEN(pb))); pb = 0; noflush = false; pc = 5;
       MERGE(0);
#if N > 1
       MERGE(1);
#endif
#if N > 2
       MERGE(2);
#endif
#if N > 3
       MERGE(3);
#endif
#if N > 4
       MERGE(4);
#endif
     }
  :: d_step { pc == 5 -> fail = 0; pc = 6 }
  :: d_step { pc == 5 -> pc = 6 }
  :: d_step { pc == 6 -> qinp = saved; saved = false; pc = 7 }
  :: d_step { pc == 7 -> block = false; pc = 0 }
  PATH(0)
#if P > 1
  PATH(1)
#endif
  od
}
