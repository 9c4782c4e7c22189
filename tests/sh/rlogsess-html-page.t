#!/bin/sh
# The form html: all elements of a small page, but for its head and its foot:
# the bars and dots of the picture, and the cells, strips and lines of the list.
. "$(dirname "$0")/../lib.sh"
export TZ=UTC

cat >log <<'END'
2026-11-20T22:00:00.000Z tcpserver: pid 7 from 192.0.2.7
2026-11-20T22:00:00.500Z 7 > 220 mx 
2026-11-20T22:00:00.504Z 7 < EHLO c.example 
2026-11-20T22:00:00.505Z 7 > 250 mx 
2026-11-20T22:00:00.505Z 7 < MAIL FROM:<a@example.org> 
2026-11-20T22:00:00.505Z 7 > 250 ok 
2026-11-20T22:00:00.505Z 7 < RCPT TO:<b@example.org> 
2026-11-20T22:00:06.000Z 7 > 250 ok 
2026-11-20T22:00:06.000Z 7 < DATA 
2026-11-20T22:00:06.000Z 7 > 354 go 
2026-11-20T22:00:07.000Z 7 : < 1500 bytes, 9 lines of message
2026-11-20T22:00:10.000Z 7 > 250 ok 
2026-11-20T22:00:10.000Z 7 < QUIT 
2026-11-20T22:00:10.000Z 7 > 221 bye 
2026-11-20T22:00:10.000Z 7 < [EOF]
2026-11-20T22:00:10.000Z 7 > [EOF]
2026-11-20T22:00:10.000Z tcpserver: end 7 status 0
2026-11-20T22:00:30.000Z tcpserver: pid 8 from 2001:db8::8
2026-11-20T22:00:30.100Z 8 : TLS TLSv1.3 TLS_AES_256_GCM_SHA384
2026-11-20T22:00:30.100Z 8 > 220 mx 
2026-11-20T22:00:30.100Z 8 < MAIL FROM:<a@example.org> 
2026-11-20T22:00:30.100Z 8 > 550 no 
2026-11-20T22:00:30.100Z 8 < QUIT 
2026-11-20T22:00:30.100Z 8 > 221 bye 
2026-11-20T22:00:30.100Z 8 < [EOF]
2026-11-20T22:00:30.100Z 8 > [EOF]
2026-11-20T22:00:30.100Z tcpserver: end 8 status 0
2026-11-20T22:03:00.000Z tcpserver: deny 9 mx:192.0.2.25:25 :192.0.2.9::3310
2026-11-20T22:03:00.000Z tcpserver: end 9 status 25600
END
cat >want <<'END'
<figure><svg id=overview aria-hidden=true width="100%" height=322 data-begin=1795212000 data-range=181>
<line class=t x1="0.00%" x2="0.00%" y1=0 y2=300></line>
<text class=t x="0.00%" y=316>22:00</text>
<line class=t x1="33.15%" x2="33.15%" y1=0 y2=300></line>
<text class=t x="33.15%" y=316>22:01</text>
<line class=t x1="66.30%" x2="66.30%" y1=0 y2=300></line>
<text class=t x="66.30%" y=316>22:02</text>
<line class=t x1="99.45%" x2="99.45%" y1=0 y2=300></line>
<line x1=0 x2="100%" y1=300 y2=300></line>
<line x1=0 x2="100%" y1=248 y2=248></line>
<line x1=0 x2="100%" y1=196 y2=196></line>
<line x1=0 x2="100%" y1=144 y2=144></line>
<line x1=0 x2="100%" y1=92 y2=92></line>
<svg class=plot y=0 width="100%" height=72 viewBox="0 0 18100 1000" preserveAspectRatio=none>
<path class="bar denied" d="M18006 1000h88V0h-88z"/>
<path class="bar refused" d="M3006 1000h88V0h-88z"/>
<path class="bar fine" d="M6 1000h88V0h-88z"/>
</svg>
<svg class=plot y=92 width="100%" height=208 viewBox="0 0 18100 1000" preserveAspectRatio=none>
<g class="dot fine">
<a href="#s1" tabindex=-1><path d="M0.0 1h0"/></a>
</g>
<g class="dot refused">
<a href="#s2" tabindex=-1><path d="M3000.0 501h0"/></a>
</g>
<g class="dot denied">
<a href="#s3" tabindex=-1><path d="M18000.0 1000h0"/></a>
</g>
</svg>
<text class=y x=2 y=297>1 ms</text>
<text class=y x=2 y=245>10 ms</text>
<text class=y x=2 y=193>0.1 s</text>
<text class=y x=2 y=141>1 s</text>
<text class=y x=2 y=89>10 s</text>
</svg><figcaption>Bars: starts in 1 s, at most 1. Dots: duration over start.</figcaption></figure>
<ul id=legend>
<li class=denied>denied 1</li>
<li class=refused>refused 1</li>
<li class=fine>fine 1</li>
</ul>
<div id=list class=tls>
<div class=block>
<details class=fine data-t=1795212000.000><summary><span class=t>2026-11-20 22:00:00 </span><span class=o>fine </span><span class=p>192.0.2.7 </span><span class=w><i>c.example</i> a@example.org → b@example.org </span><span class=z>1.5 kB </span><span class=s>10.000 </span><svg aria-hidden=true width=61 height=8><path d="M37 4H43"/><path class=v d="M0 4H37M43 4H61"/></svg></summary><p>session 1 · process 7 · in 75 B · out 50 B · last reply 221 bye · waited 1.004 s for the client, 8.996 s for the server</p><pre id=s1><i>    0.000                tcpserver: pid 7 from 192.0.2.7
</i>    0.500     0.500 ━━           &gt; 220 mx 
    0.504     0.004      &lt; EHLO c.example 
    0.505     0.001              &gt; 250 mx 
    0.505                &lt; MAIL FROM:&lt;a@example.org&gt; 
    0.505                        &gt; 250 ok 
    0.505                &lt; RCPT TO:&lt;b@example.org&gt; 
    6.000     5.495 ━━━          &gt; 250 ok 
    6.000                &lt; DATA 
    6.000                        &gt; 354 go 
<i>    7.000     1.000 ━━━  : &lt; 1500 bytes, 9 lines of message
</i>   10.000     3.000 ━━━          &gt; 250 ok 
   10.000                &lt; QUIT 
   10.000                        &gt; 221 bye 
   10.000                &lt; [EOF]
   10.000                        &gt; [EOF]
<i>   10.000                tcpserver: end 7 status 0
</i></pre></details>
<details class=refused data-t=1795212030.000><summary><span class=t>2026-11-20 22:00:30 </span><span class=o>refused 550 </span><span class=p>2001:db8::8 </span><span class=w>a@example.org </span><span class=l>TLSv1.3 </span><span class=s>0.100 </span><svg aria-hidden=true width=34 height=8><path class=v d="M0 4H34"/></svg></summary><p>session 2 · process 8 · in 31 B · out 22 B · TLS_AES_256_GCM_SHA384 · last reply 221 bye · waited 0.000 s for the client, 0.100 s for the server</p><pre id=s2><i>    0.000                tcpserver: pid 8 from 2001:db8::8
    0.100                : TLS TLSv1.3 TLS_AES_256_GCM_SHA384
</i>    0.100     0.100 ━━           &gt; 220 mx 
    0.100                &lt; MAIL FROM:&lt;a@example.org&gt; 
    0.100                        &gt; 550 no 
    0.100                &lt; QUIT 
    0.100                        &gt; 221 bye 
    0.100                &lt; [EOF]
    0.100                        &gt; [EOF]
<i>    0.100                tcpserver: end 8 status 0
</i></pre></details>
<details class=denied data-t=1795212180.000><summary><span class=t>2026-11-20 22:03:00 </span><span class=o>denied </span><span class=p>192.0.2.9 </span><span class=w> </span><span class=s>0.000 </span></summary><p>session 3 · began before · process 9 · port 3310 · at mx:192.0.2.25:25 · in 0 B · out 0 B</p><pre id=s3><i>    0.000                tcpserver: deny 9 mx:192.0.2.25:25 :192.0.2.9::3310
    0.000                tcpserver: end 9 status 25600
</i></pre></details>
</div>
</div>
</main>
END
rlogsess -o html log | sed -n '/^<figure>/,/^<\/main>/p' >got
same 'the picture and the list of a page' got want
done_testing
