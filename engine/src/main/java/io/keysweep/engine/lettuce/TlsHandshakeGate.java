package io.keysweep.engine.lettuce;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Delays the event that a connection is active until the TLS handshake is complete.
 *
 * <p>Otherwise Lettuce would treat the connection as established before the handshake. A failed handshake would then
 * appear in the first command or never. The gate is a handler in the connection's Netty pipeline.
 */
final class TlsHandshakeGate extends ChannelInboundHandlerAdapter {

    /** Adds a gate behind the TLS handler of a new connection, if the connection uses TLS. */
    static void install(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            String name = channel.pipeline().context(tls).name();
            channel.pipeline().addAfter(name, "handshake-gate", new TlsHandshakeGate());
        }
    }

    /** Withholds the event until the handshake is complete, see {@link #userEventTriggered}. */
    @Override
    public void channelActive(ChannelHandlerContext context) {}

    /**
     * Reports the connection as active, or reports the exception, once the handshake has ended; passes all events on.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                context.fireChannelActive();
            } else {
                context.fireExceptionCaught(handshake.cause());
            }
        }
        context.fireUserEventTriggered(event);
    }
}
