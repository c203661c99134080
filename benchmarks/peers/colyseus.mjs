// The scenario on Colyseus 0.18: one room, its state a map of avatars behind each client's StateView.

import { createServer } from 'node:http';
import { Room, Server } from '@colyseus/core';
import { Schema, StateView, schema, t } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { Ticker, World } from './world.mjs';

const Avatar = schema({ x: t.uint16(), y: t.uint16(), stamp: t.uint32() }, 'Avatar');
const State = schema({ people: t.map(Avatar).view() }, 'State');

let ticker = new Ticker(() => {});

class Office extends Room {
  state = new State();
  patchRate = null; // patches go out at the end of each tick
  autoDispose = false;
  maxMessagesPerSecond = 1000;

  onCreate() {
    this.world = new World();
    this.onMessage('c', (client, [course, stamp]) => {
      const avatar = client.userData;
      avatar.course = course;
      if (stamp) avatar.shown.stamp = stamp;
      avatar.stamped = stamp ? this.world.tick + 1 : 0;
    });
    ticker = new Ticker(() => this.step());
    ticker.start();
  }

  onJoin(client) {
    const avatar = this.world.add(client.sessionId);
    avatar.client = client;
    avatar.shown = new Avatar();
    avatar.shown.x = avatar.x;
    avatar.shown.y = avatar.y;
    avatar.shown.stamp = 0;
    this.state.people.set(client.sessionId, avatar.shown);
    client.userData = avatar;
    client.view = new StateView();
    client.view.add(avatar.shown);
    avatar.sees.add(avatar);
  }

  onLeave(client) {
    for (const other of this.world.people.values()) {
      if (other.sees.delete(client.userData)) other.client.view.remove(client.userData.shown);
    }
    this.state.people.delete(client.sessionId);
    this.world.remove(client.sessionId);
  }

  step() {
    this.world.step();
    for (const avatar of this.world.people.values()) {
      if (!avatar.moved) continue;
      avatar.shown.x = avatar.x;
      avatar.shown.y = avatar.y;
    }
    this.world.look(
      (viewer, other) => viewer.client.view.add(other.shown),
      (viewer, other) => viewer.client.view.remove(other.shown),
    );
    this.broadcastPatch();
    // Whoever comes into sight later must not take an old stamp for a new one.
    for (const avatar of this.world.people.values()) {
      if (avatar.stamped && avatar.stamped <= this.world.tick) {
        avatar.shown.stamp = 0;
        avatar.stamped = 0;
      }
    }
  }
}

const http = createServer();
const server = new Server({ transport: new WebSocketTransport({ server: http }), greet: false, gracefullyShutdown: false });
server.define('office', Office);
await server.listen(0, '127.0.0.1');
const stats = createServer((_, response) => response.end(JSON.stringify(ticker.report())));
stats.listen(0, '127.0.0.1', () => console.log(`listening ${http.address().port} ${stats.address().port}`));
