package io.keysweep.server;

import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;

/**
 * Starts the beans of a service that listens, in about half the time that Spring's own context needs.
 *
 * <p>Spring caches which beans have a type only from the moment when it freezes the bean definitions. It does that after
 * the web server has started, but the web server's filters need most beans. All definitions are there before, so this
 * context freezes them first.
 */
final class QuickStartContext extends AnnotationConfigServletWebServerApplicationContext {

    @Override
    protected void onRefresh() {
        getBeanFactory().freezeConfiguration();
        super.onRefresh();
    }
}
