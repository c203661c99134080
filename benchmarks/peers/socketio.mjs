// The scenario on Socket.IO 4: at the end of each tick every client is sent what moved within its sight.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { Ticker, World } from './world.mjs';

const world = new World();
let number = 0;

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });

io.on('connection', (socket) => {
  const avatar = world.add(++number);
  avatar.socket = socket;
  avatar.gone = [];
  avatar.entered = [];
  socket.on('c', (course, stamp) => {
    avatar.course = course;
    avatar.stamp = stamp;
  });
  socket.on('disconnect', () => {
    world.remove(avatar.id);
    for (const other of world.people.values()) if (other.sees.delete(avatar)) other.gone.push(avatar.id);
  });
});

function row(avatar) {
  const place = [avatar.id, Math.round(avatar.x), Math.round(avatar.y)];
  if (avatar.stamp) place.push(avatar.stamp);
  return place;
}

const ticker = new Ticker(() => {
  world.step();
  world.look(
    (viewer, other) => viewer.entered.push(other),
    (viewer, other) => viewer.gone.push(other.id),
  );
  const rows = new Map();
  for (const avatar of world.people.values()) if (avatar.moved || avatar.stamp) rows.set(avatar, row(avatar));
  for (const viewer of world.people.values()) {
    const seen = [];
    for (const other of viewer.sees) {
      const known = rows.get(other);
      if (known) seen.push(known);
    }
    for (const other of viewer.entered) if (!rows.has(other)) seen.push(row(other));
    if (seen.length || viewer.gone.length) viewer.socket.emit('s', seen, viewer.gone);
    viewer.gone = [];
    viewer.entered = [];
  }
  for (const avatar of world.people.values()) avatar.stamp = 0;
});
ticker.start();

http.listen(0, '127.0.0.1', () => {
  const stats = createServer((_, response) => response.end(JSON.stringify(ticker.report())));
  stats.listen(0, '127.0.0.1', () => console.log(`listening ${http.address().port} ${stats.address().port}`));
});
