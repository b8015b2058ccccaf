package io.keysweep.engine.lettuce;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Lets a connection count as established only once the TLS handshake is through. Lettuce takes it for established before,
 * so that a failure of the handshake would be seen by the first command or by nobody.
 */
final class TlsHandshakeFirst implements NettyCustomizer {

    @Override
    public void afterChannelInitialized(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            String name = channel.pipeline().context(tls).name();
            channel.pipeline().addAfter(name, "handshake-first", new Gate());
        }
    }

    private static final class Gate extends ChannelInboundHandlerAdapter {

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
}
