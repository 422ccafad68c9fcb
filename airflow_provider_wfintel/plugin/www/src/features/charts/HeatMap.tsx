import { Box, Flex, Text } from "@chakra-ui/react";

import { strings } from "src/ui/strings";

export type Cell = { readonly hour: number; readonly runs: number; readonly value: number; readonly weekday: number };

const texts = strings.schedule;
const CELL_PX = 26;
const DAY_PX = 44;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const DAYS = Array.from({ length: 7 }, (_, day) => day);

/** How strongly a cell is filled, 0 to 1: by the square root, so that quiet hours can be told from idle ones. */
export const strength = (value: number, most: number): number => (most <= 0 ? 0 : Math.sqrt(value / most));

/** The hours of the week, the busy ones darker. The numbers stand in the titles and in the table's text. */
export const HeatMap = ({ cells }: { readonly cells: ReadonlyArray<Cell> }) => {
  const most = Math.max(0, ...cells.map((cell) => cell.value));
  const at = new Map(cells.map((cell) => [`${cell.weekday}-${cell.hour}`, cell]));

  return (
    <Box aria-label={texts.chart} overflowX="auto" role="region" tabIndex={0}>
      <Box asChild minW={`${DAY_PX + 24 * CELL_PX}px`}>
        <table>
          <thead>
            <tr>
              <td />
              {HOURS.map((hour) => (
                <Box as="th" color="fg.muted" fontSize="xs" fontWeight="normal" key={hour} w={`${CELL_PX}px`}>
                  {hour % 3 === 0 ? hour : ""}
                </Box>
              ))}
            </tr>
          </thead>
          <tbody>
            {DAYS.map((day) => (
              <tr key={day}>
                <Box as="th" color="fg.muted" fontSize="xs" fontWeight="normal" textAlign="left" w={`${DAY_PX}px`}>
                  {texts.days[day]}
                </Box>
                {HOURS.map((hour) => {
                  const cell = at.get(`${day}-${hour}`);
                  const said = texts.cell(texts.days[day] ?? "", hour, cell?.runs ?? 0, (cell?.value ?? 0).toFixed(1));

                  return (
                    <td key={hour}>
                      <Box bg="bg.muted" borderRadius="2px" h={`${CELL_PX - 4}px`} m="1px" position="relative" title={said}>
                        <Box
                          aria-label={said}
                          bg="blue.solid"
                          borderRadius="2px"
                          inset={0}
                          opacity={strength(cell?.value ?? 0, most)}
                          position="absolute"
                          role="img"
                        />
                      </Box>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Box>
      <Flex align="center" color="fg.muted" fontSize="xs" gap={2} mt={1}>
        <Text>0</Text>
        <Box bg="linear-gradient(to right, {colors.bg.muted}, {colors.blue.solid})" borderRadius="2px" h="8px" w="120px" />
        <Text>{texts.legend(most.toFixed(1))}</Text>
      </Flex>
    </Box>
  );
};
