export const alone = 'nobody imports this file';
