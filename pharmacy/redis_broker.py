"""Kombu's broker on Redis, with one repair: a worker goes on after Redis has been away.

A worker takes no more messages than it may have unacknowledged. In kombu 5.7 a message whose acknowledgement does not
reach Redis keeps its place for ever, so a worker that was busy when Redis fell ends up waiting for a place, and never
notices that the connection is gone. Here the place is given back all the same; the worker then asks Redis for more,
notices, and connects again. The message may be delivered once more, which every task of ours has to bear anyway.
"""

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """Gives a message's place back whether or not Redis hears of it."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message."""
        try:
            super().ack(delivery_tag)
        except BaseException:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Refuse a message."""
        try:
            super().reject(delivery_tag, requeue=requeue)
        except BaseException:
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    """Kombu's channel with the places above."""

    QoS = QoS


class Transport(redis.Transport):
    """Kombu's transport over that channel. pharmacy/celery.py puts it in the place of `redis://`."""

    Channel = Channel
