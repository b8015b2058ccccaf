package io.keysweep.engine.lettuce;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/**
 * Lets an event loop report an interrupt of its thread, which Netty would swallow.
 *
 * <p>If a thread is interrupted while it waits for input, Netty clears the thread's interrupt flag without a trace.
 * Directly before that, Netty calls {@link IoHandlerContext#canBlock}. The flag can be read only during this call, so
 * this class wraps the handler and the context to intercept the call. Only the thread that runs the loop uses it.
 *
 * @param handler the handler of Netty that waits for input
 * @param recordInterrupt reads and clears the interrupt flag of the current thread
 */
record InterruptKeeper(IoHandler handler, Runnable recordInterrupt) implements IoHandler {

    /** Forwards the calls of a handler to the wrapped context, and reads the interrupt flag at {@link #canBlock}. */
    private record Context(IoHandlerContext context, Runnable recordInterrupt) implements IoHandlerContext {

        @Override
        public boolean canBlock() {
            recordInterrupt.run();
            return context.canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return context.delayNanos(currentTimeNanos);
        }

        @Override
        public long deadlineNanos() {
            return context.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long activeNanos) {
            context.reportActiveIoTime(activeNanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return context.shouldReportActiveIoTime();
        }
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return handler.run(new Context(context, recordInterrupt));
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }
}
