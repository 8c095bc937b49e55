package org.chiffchaff.training.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.chiffchaff.models.Manifest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNameTest {
    @ParameterizedTest
    @CsvSource({
        "first, first",
        "my run 1, my-run-1",
        "'été (2), lr=1e-3 ', ete-2-lr-1e-3",
        ".hidden, hidden",
        "_x.y_z, x.y_z",
        "運転, model"
    })
    void isMadeOfTheFoldersName(String folder, String name) {
        assertEquals(name, TrainCommand.modelName(folder));
        Manifest.requireFolderName("name", name);
    }
}
