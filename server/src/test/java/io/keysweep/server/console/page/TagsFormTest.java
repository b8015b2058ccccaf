package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.instance.InstanceTags;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how the field with the tags of an instance becomes a document of the API. */
final class TagsFormTest {

    @Test
    void text_ofTags_listsThemInTheOrderOfTheirKeys() {
        assertThat(TagsForm.text(new InstanceTags(new TreeMap<>(Map.of("team", "shop", "env", "prod")))))
                .isEqualTo("env=prod, team=shop");
        assertThat(TagsForm.text(InstanceTags.NONE)).isEmpty();
    }

    @Test
    void change_ofTheField_setsItsTags_andRemovesThoseRemovedFromIt() {
        assertThat(change("env=prod, team=shop", " env = dev ,a=b=c,empty=,"))
                .isEqualTo("{\"tags\":{\"env\":\"dev\",\"team\":null,\"a\":\"b=c\",\"empty\":\"\"}}");
        assertThat(change("", "")).isEqualTo("{\"tags\":{}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "env=prod, shop | tags is 'shop', must be a list of key=value, separated by commas.",
                "env=a, env=b   | tags is 'env=b', must be a list in which each key occurs once.",
            })
    void change_toATextThatIsNotAList_isRefused(String text, String problem) {
        assertThatThrownBy(() -> change("", text)).hasMessageContaining(problem);
    }

    /** Returns the change if the page showed one text in the field and the user has sent another. */
    private static String change(String shown, String text) {
        return TagsForm.change(Map.of("shownTags", shown, "tags", text)).toString();
    }
}
