package io.keysweep.engine.lettuce;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Lets a connection count as established only once the TLS handshake is through. Lettuce takes it for established before,
 * so that a failure of the handshake would be seen by the first command or by nobody.
 */
final class TlsHandshakeFirst extends ChannelInboundHandlerAdapter {

    /** Puts one behind the TLS of a new connection, if it has that. */
    static void install(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            String name = channel.pipeline().context(tls).name();
            channel.pipeline().addAfter(name, "handshake-first", new TlsHandshakeFirst());
        }
    }

    /** Kept back: {@link #userEventTriggered} tells it later. */
    @Override
    public void channelActive(ChannelHandlerContext context) {}

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
