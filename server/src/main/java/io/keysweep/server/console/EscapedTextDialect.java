package io.keysweep.server.console;

import io.keysweep.engine.text.ForeignText;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.thymeleaf.dialect.AbstractDialect;
import org.thymeleaf.dialect.IPostProcessorDialect;
import org.thymeleaf.engine.AbstractTemplateHandler;
import org.thymeleaf.engine.ITemplateHandler;
import org.thymeleaf.model.IText;
import org.thymeleaf.postprocessor.IPostProcessor;
import org.thymeleaf.postprocessor.PostProcessor;
import org.thymeleaf.templatemode.TemplateMode;

/**
 * Escapes characters that are not printable in the text of all pages, such as marks that reverse the order of text.
 *
 * <p>Names and reasons come from users and servers, and could otherwise look like other names and reasons. Thymeleaf
 * itself escapes only what has a meaning in HTML. Line breaks and tabs are not escaped.
 */
@Component
final class EscapedTextDialect extends AbstractDialect implements IPostProcessorDialect {

    /** The order of the processor: the highest number runs last, on the text as the browser gets it. */
    private static final int AFTER_ALL_OTHERS = Integer.MAX_VALUE;

    EscapedTextDialect() {
        super("escaped text");
    }

    @Override
    public int getDialectPostProcessorPrecedence() {
        return AFTER_ALL_OTHERS;
    }

    @Override
    public Set<IPostProcessor> getPostProcessors() {
        return Set.of(new PostProcessor(TemplateMode.HTML, Escaping.class, AFTER_ALL_OTHERS));
    }

    /** Escapes each text of a page. Thymeleaf creates an object for each page, through the public constructor. */
    public static final class Escaping extends AbstractTemplateHandler implements ITemplateHandler {

        @Override
        public void handleText(IText text) {
            String content = text.getText();
            String escaped = ForeignText.lines(content);
            super.handleText(
                    escaped.equals(content)
                            ? text
                            : getContext().getModelFactory().createText(escaped));
        }
    }
}
