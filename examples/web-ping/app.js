// Pings a web site again and again: TARGET by METHOD every INTERVAL milliseconds.
'use strict';

const https = require('https');
const http = require('http');

const {TARGET = 'localhost', METHOD = 'HEAD', INTERVAL = '3000', COUNT = '0'} = process.env;
const url = new URL(TARGET.includes('://') ? TARGET : `https://${TARGET}`);
const client = url.protocol === 'http:' ? http : https;

function ping() {
  const started = Date.now();
  const say = (what) => console.log(`${METHOD} ${url.href} ${what} in ${Date.now() - started} ms`);
  const request = client.request(url, {method: METHOD, timeout: Number(INTERVAL)}, (reply) => {
    reply.resume();
    say(`answered ${reply.statusCode}`);
  });
  request.on('timeout', () => request.destroy(new Error('no answer')));
  request.on('error', (error) => say(`failed: ${error.message}`));
  request.end();
}

// COUNT limits the pings; 0 goes on for ever.
let sent = 0;
function tick() {
  ping();
  sent += 1;
  if (sent !== Number(COUNT)) setTimeout(tick, Number(INTERVAL));
}

console.log(`web-ping: ${METHOD} ${url.href} every ${INTERVAL} ms`);
tick();
